"""The engines behind `manage.py calc`: JSON in, JSON out, nothing of the database (contract.md)."""
