from unrolled.exercises.kinds import Choose

exercise = Choose(
    id="ch01_split",
    chapter=1,
    title="Too good on the test",
    objective="split a sequence into training and test without breaking the independence between them",
    difficulty=2,
    minutes=4,
    question=r"""
Somebody cuts one long series of hourly power consumption into 8,000 windows of 24 hours, each starting one hour after
the last. `train_test_split` with its default shuffle takes 20 % of the windows for the test. The error on the test is
excellent. In use, on the weeks that follow, it is poor. What went wrong first?
""",
    choices=[
        (
            "20 % is too little for a test.",
            "1,600 windows are plenty. But how many of them are new to the network? Look at a test window and at the "
            "training windows that start an hour earlier and later.",
        ),
        (
            "A test window shares up to 23 of its 24 hours with windows of the training: they are not independent.",
            "Right. Shuffling is harmless only for examples that know nothing of each other. Here the split must be "
            "made in time: train on the earlier part, test on the later.",
        ),
        (
            "The windows are too short: with 24 hours no network can learn.",
            "It did learn, or the test error would not be excellent. The question is what that test has tested.",
        ),
        (
            "The windows should have been shuffled within themselves as well.",
            "That would destroy what is to be learned: the order of the hours is the information.",
        ),
        (
            "A recurrent network would not have had this problem.",
            "It would have had the same one. The fault lies in how the examples were split, not in what reads them.",
        ),
    ],
    answer="b",
    hints=[
        "Window 100 covers the hours 100 to 123. Window 101?",
        "If window 100 is in the test and 99 and 101 in the training, has the network seen the hours of window 100?",
    ],
    solution="""
Windows that start an hour apart share 23 of 24 hours. After a shuffled split nearly every hour of the test also stands
in the training, so the test measures memory of what was seen. Split in time: the earlier part for training, the later
for the test, and between the two leave a gap as wide as a window.
""",
)
