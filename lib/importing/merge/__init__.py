"""The comparison of what was read with what is stored, and the writing of the difference, all or nothing."""
