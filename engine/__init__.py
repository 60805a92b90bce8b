"""案序 anxu: the engine that drives the procedure of arbitration cases."""
