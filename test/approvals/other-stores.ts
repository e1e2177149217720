import type { ApprovalStore } from '../../src/stores/approval-store.ts';

/** A store some of whose methods are others. */
export function storeWith(store: ApprovalStore, methods: Partial<ApprovalStore>): ApprovalStore {
  return {
    enter: (...args) => store.enter(...args),
    get: (...args) => store.get(...args),
    list: (...args) => store.list(...args),
    change: (...args) => store.change(...args),
    hasWaiter: (...args) => store.hasWaiter(...args),
    grants: (...args) => store.grants(...args),
    revoke: (...args) => store.revoke(...args),
    version: () => store.version(),
    ...methods,
  };
}

/** The same store, each of whose answers is a promise. */
export function later(store: ApprovalStore): ApprovalStore {
  return {
    enter: async (...args) => store.enter(...args),
    get: async (...args) => store.get(...args),
    list: async (...args) => store.list(...args),
    change: async (...args) => store.change(...args),
    hasWaiter: async (...args) => store.hasWaiter(...args),
    grants: async (...args) => store.grants(...args),
    revoke: async (...args) => store.revoke(...args),
    version: async () => store.version(),
  };
}
