"""The figures of the register: how fast it is at its size, and what it does under load. See README, "Speed"."""
