"""`GET /campaigns/ID`: the page on which a person hears a campaign, and decides."""

from __future__ import annotations

from fastapi import FastAPI

from voxgate.adapters.http.door import Door
from voxgate.adapters.http.page_route import page_for
from voxgate.adapters.pages.files import page_files

__all__ = ["add_campaign_page"]


def add_campaign_page(app: FastAPI, *, door: Door) -> None:
    """Add the page of campaigns; its files are those of the service's page.

    It is the same for all campaigns, and for everybody: what it shows it asks for.
    """
    page, kind = page_files("voxgate.adapters.http")["campaign.html"]
    show = page_for(door, page, kind)
    app.add_api_route(
        "/campaigns/{campaign_id}", show, methods=["GET"], include_in_schema=False, name="campaign"
    )
