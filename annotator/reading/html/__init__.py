"""HTML: pages as saved, fragments, broken markup; what a reader sees of them, and their dates."""
