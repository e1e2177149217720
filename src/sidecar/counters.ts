/** What the sidecar counts of itself, by name. */
export class Counters {
  /** Requests by route, method and status. */
  readonly #requests = new Map<string, number>();
  ingested = 0;
  duplicates = 0;
  rejected = 0;

  /** Counts a request. `route` is the path of the route as it is defined: there are only so many. */
  request(route: string, method: string, status: number): void {
    const key = `${method} ${status} ${route}`;
    this.#requests.set(key, (this.#requests.get(key) ?? 0) + 1);
  }

  /** Requests, each with its route, method and status. */
  requests(): readonly {
    readonly route: string;
    readonly method: string;
    readonly status: string;
    readonly count: number;
  }[] {
    return [...this.#requests].map(([key, count]) => {
      const [method = '', status = '', route = ''] = key.split(' ');
      return { route, method, status, count };
    });
  }
}
