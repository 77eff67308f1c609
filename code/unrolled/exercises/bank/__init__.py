"""The bank: one exercise in each file, named like its id. CONTRIBUTING.md says how to write one."""
