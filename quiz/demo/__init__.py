"""The demo: the contest of Hải Phòng 2024 moved to today, with real agencies and made-up people."""
