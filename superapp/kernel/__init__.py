"""The cellar: what every app stands on. It knows no app above it."""
