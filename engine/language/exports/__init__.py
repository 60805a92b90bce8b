"""Procedures in the standard languages of others: SCXML and BPMN 2.0."""
