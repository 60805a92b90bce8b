"""A small data centre in network namespaces: PostgreSQL under Patroni and etcd, nodes of Anxu, and people who act."""
