"""`python -m tests.fakes [PORT]`: the three bots on loopback, for anyone who builds against them; Ctrl-C ends."""

import json
import sys
import time

from tests.fakes.bots import Bots

SECRET = "SEC-of-the-fakes"


def main(port: int) -> None:
    """Print the addresses, then what each bot takes and refuses."""
    with Bots(port=port) as bots:
        print(f"dingtalk  {bots.dingtalk(SECRET)}  secret {SECRET}")
        print(f"feishu    {bots.feishu(SECRET)}  secret {SECRET}")
        print(f"wecom     {bots.wecom()}", flush=True)
        told = 0
        while True:
            time.sleep(0.2)
            all_told = [(name, body) for name, bodies in bots.taken.items() for body in bodies] + bots.refused
            for name, body in all_told[told:]:
                print(name, json.dumps(body, ensure_ascii=False), flush=True)
            told = len(all_told)


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 8700)
    except KeyboardInterrupt:
        sys.exit(0)
