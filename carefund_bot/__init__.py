"""The care fund: members pledge and give, households see their aid arrive, staff run rolls, payouts and notices.

Read in this order: `domain` (what is true), `store` (how it is kept), `services` (what one may ask),
`texts` (how it is said), `transport` (how it travels), `fund` (how the parts are joined).
"""
