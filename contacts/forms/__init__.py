"""Forms of the contacts' room. They validate and nothing else."""
