"""The command line: one module a command; console.py alone knows rich."""
