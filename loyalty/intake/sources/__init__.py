"""The platforms whose exports are known, one small module each, and how a file is matched to one."""
