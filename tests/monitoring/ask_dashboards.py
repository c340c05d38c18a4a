#!/usr/bin/env python3
"""ask_dashboards.py URL: asks the Prometheus at URL all that the dashboards ask, with everything chosen;
each question must be understood."""
import sys
import urllib.error
import urllib.parse
import urllib.request

import shipped


def refusal(url, expression):
    query = urllib.parse.urlencode({"query": expression.text})
    try:
        urllib.request.urlopen(f"{url}/api/v1/query?{query}", timeout=20).close()
    except urllib.error.HTTPError as error:
        return error.read().decode()
    return None


def main():
    refused = 0
    for expression in shipped.expressions():
        if error := refusal(sys.argv[1], expression):
            print(f"{expression.where}: {error}")
            refused += 1
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
