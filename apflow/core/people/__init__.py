"""Who acts, and who may: roles, permissions, and whose a step or a task is."""
