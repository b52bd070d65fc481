"""The tables of campaigns: the step of the schema that brings them.

campaigns: one row a campaign, never changed: its plan (JSON of `loyalty.campaigns.plan`), and the list its codes are kept
under among `coupons`. campaign_events: what became of it since: exported, sent (`happened_on`: the day the owner says),
cancelled. assignments: one row a person drawn: `arm` ("held", "A", "B"), `stratum` of the draw, the `code` they got (NULL
when held back), the product and the reason of their message; `customer_id` is the id they went by then, read through
`identities`, and NULL once the person was erased: the row counts in no figure then.
responses: what a campaign's offer was measured to bring a person written to, kept for later choices; `undone_at`: taken back.
`measure`: "gain" (money a person), or "odds" (by how much it raised the log-odds to buy).
"""

from __future__ import annotations

CAMPAIGN_TABLES = (
    """CREATE TABLE campaigns (campaign_id BIGINT PRIMARY KEY, name VARCHAR NOT NULL, plan VARCHAR NOT NULL,
        list_id BIGINT, created_at TIMESTAMP NOT NULL)""",
    """CREATE TABLE campaign_events (campaign_id BIGINT NOT NULL, what VARCHAR NOT NULL, happened_on DATE NOT NULL,
        detail VARCHAR, noted_at TIMESTAMP NOT NULL)""",
    """CREATE TABLE assignments (campaign_id BIGINT NOT NULL, customer_id VARCHAR, arm VARCHAR NOT NULL,
        stratum VARCHAR NOT NULL, segment VARCHAR, code VARCHAR, product VARCHAR, reason VARCHAR)""",
    """CREATE TABLE responses (response_id BIGINT PRIMARY KEY, campaign_id BIGINT NOT NULL, segment VARCHAR NOT NULL,
        offer VARCHAR NOT NULL, mean DOUBLE NOT NULL, sd DOUBLE NOT NULL, source VARCHAR NOT NULL,
        kept_at TIMESTAMP NOT NULL, undone_at TIMESTAMP)""",
)
