"""The programme's rules: records, their file, their checks, and ready-made programmes."""
