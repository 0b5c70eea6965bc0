"""What integrators do with money over /api/v1/."""
