"""What lets anyone check a week: exact bytes, commitments, receipts, the chain of heads. The protocol is in
`docs/verification.md`; everything here is pure, and goes into the verifier unchanged.
"""
