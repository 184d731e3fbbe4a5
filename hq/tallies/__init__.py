"""Counters that are kept in the transaction of what they count: by triggers, so that whoever writes a row counts it.

A trigger appends what a row adds or takes away, and locks nothing; a job folds that into the counters. Who reads takes
both in one statement, and so what is committed, no more and no less.
"""
