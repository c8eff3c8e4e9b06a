"""What a file is: its format, where its records stand in it, and how they are taken out one by one."""
