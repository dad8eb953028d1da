"""What a reviewer needs: the ledger of published figures and the effect of a change."""
