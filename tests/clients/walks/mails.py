"""Reads whole mails by Python's own library, and the files for calendars in them by `icalendar` of PyPI: `mails.py FOLDER`.
Prints of each what is wrong with it, and what it says: an object by the names of files."""

import json
import pathlib
import sys
from email import policy
from email.parser import BytesParser

import icalendar

HEADERS = ["from", "to", "subject", "date", "message-id", "auto-submitted"]


def calendar(part):
    """What a file for calendars says: its method, and of each event its name, its times and whether it takes place."""
    read = icalendar.Calendar.from_ical(part.get_content())
    events = [
        {
            "summary": str(event["summary"]),
            "uid": str(event["uid"]),
            "starts": event.decoded("dtstart").isoformat(),
            "ends": event.decoded("dtend").isoformat(),
            "status": str(event.get("status", "")),
            "errors": [str(error) for error in event.errors],
        }
        for event in read.walk("VEVENT")
    ]
    return {"method": str(read["method"]), "param": part.get_param("method"), "errors": [str(error) for error in read.errors], "events": events}


def mail(file):
    read = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
    parts = list(read.walk())
    defects = [repr(defect) for part in parts for defect in part.defects]
    defects += [f"{name}: {defect!r}" for part in parts for name in part.keys() for defect in part[name].defects]
    defects += [f"no {name}" for name in HEADERS if not read[name]]
    text, html = read.get_body(("plain",)), read.get_body(("html",))
    pictures = {part["content-id"].strip("<>") for part in parts if part.get_content_maintype() == "image"}
    wanted = {word.split('"')[0] for word in html.get_content().split('src="cid:')[1:]}
    if pictures != wanted:
        defects.append(f"pictures {sorted(pictures)} where {sorted(wanted)} are shown")
    if any(part.get_content_type() == "image/png" and part.get_content()[:8] != b"\x89PNG\r\n\x1a\n" for part in parts):
        defects.append("a picture that is none")
    return {
        "defects": defects,
        "subject": str(read["subject"]),
        "to": read["to"].addresses[0].addr_spec,
        "name": read["to"].addresses[0].display_name,
        "text": text.get_content(),
        "calendars": [calendar(part) for part in parts if part.get_content_type() == "text/calendar"],
    }


folder = pathlib.Path(sys.argv[1])
print(json.dumps({str(file.relative_to(folder)): mail(file) for file in sorted(folder.glob("*/*.eml"))}))
