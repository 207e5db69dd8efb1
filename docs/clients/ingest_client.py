#!/usr/bin/python3
"""Submit raw articles to Ingest over RabbitMQ, and follow what it decides. Needs pika (Debian: python3-pika).

    ingest_client.py submit FILE...            a text file is an article, and so is a page of .html; a .jsonl file has one a line
    ingest_client.py submit --batch 64 FILE... so many articles in a message
    ingest_client.py follow                    a line of JSON for each event, for ever

The broker is AMQP_URL, or amqp://guest:guest@127.0.0.1:5672/ without it.
"""
import argparse
import json
import os
import sys
import uuid

import pika

EVENTS = ["CanonicalArticlePublished", "CanonicalArticleRevised", "DuplicateDetected", "ArticleRejected"]


def connect():
    url = os.environ.get("AMQP_URL", "amqp://guest:guest@127.0.0.1:5672/")
    return pika.BlockingConnection(pika.URLParameters(url))


def articles(names):
    for name in names:
        with open(name, encoding="utf-8") as file:
            if name.endswith(".jsonl"):
                yield from (json.loads(line) for line in file if line.strip())
            else:
                # The same id with the same text is the same article: a file may be sent again.
                yield {"id": os.path.basename(name), "html" if name.endswith((".html", ".htm")) else "text": file.read()}


def submit(names, batch):
    records = list(articles(names))
    with connect() as connection:
        channel = connection.channel()
        # From here on basic_publish returns when the broker has the message on its disk, and raises when it has not.
        channel.confirm_delivery()
        for start in range(0, len(records), batch):
            some = records[start:start + batch]
            channel.basic_publish(
                exchange="",
                routing_key="ingest.accept",
                body=json.dumps({"articles": some}, ensure_ascii=False).encode(),
                properties=pika.BasicProperties(
                    content_type="application/json",
                    delivery_mode=pika.spec.PERSISTENT_DELIVERY_MODE,
                    message_id=str(uuid.uuid4()),
                ),
                mandatory=True,  # raises where there is no such queue, rather than losing the message
            )
    print(f"{len(records)} submitted", file=sys.stderr)


def follow(queue, count):
    with connect() as connection:
        channel = connection.channel()
        # A queue of our own, which keeps events while this program does not run.
        channel.queue_declare(queue, durable=True)
        for event in EVENTS:
            exchange = f"Ingest.Contracts.V1:{event}"
            channel.exchange_declare(exchange, "fanout", durable=True)
            channel.queue_bind(queue, exchange)
        channel.basic_qos(prefetch_count=100)
        for method, properties, body in channel.consume(queue):
            event = json.loads(body)
            if properties.content_type == "application/vnd.masstransit+json":
                event = event["message"]
            # The same message_id may come twice. Who must not act twice remembers the last ones.
            print(json.dumps({"type": properties.type, "messageId": properties.message_id, "event": event}, ensure_ascii=False), flush=True)
            # Acknowledged when we are done with it: until then the broker keeps it.
            channel.basic_ack(method.delivery_tag)
            count -= 1
            if count == 0:
                return


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    sending = commands.add_parser("submit")
    sending.add_argument("files", nargs="+", metavar="FILE")
    sending.add_argument("--batch", type=int, default=1, help="articles in a message")
    following = commands.add_parser("follow")
    following.add_argument("--queue", default="example.follower", help="a name of your own")
    following.add_argument("--count", type=int, default=0, help="end after so many events; 0 goes on for ever")
    given = parser.parse_args()
    try:
        if given.command == "submit":
            submit(given.files, given.batch)
        else:
            follow(given.queue, given.count)
    except KeyboardInterrupt:
        pass
    except pika.exceptions.UnroutableError:
        sys.exit("there is no queue ingest.accept: is the service running?")
    except pika.exceptions.AMQPConnectionError as fault:
        sys.exit(f"no connection to the broker: {fault!r}")


if __name__ == "__main__":
    main()
