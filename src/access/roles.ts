import type { Role } from '../core/access-token.ts';

/** Everything that a role may allow. */
const PERMISSIONS = Object.freeze([
  'ingest',
  'read',
  'approve',
  'deny',
  'revoke_grants',
  'rollback',
  'manage_tokens',
] as const);

/** Something that a role may allow: `ingest` is to send entries in, `read` to see what is there. */
export type Permission = (typeof PERMISSIONS)[number];

/** What each role may do. Who sends entries in is a program beside an agent: it neither reads nor decides. */
const ALLOWED: Readonly<Record<Role, readonly Permission[]>> = Object.freeze({
  ingest: Object.freeze(['ingest'] as const),
  viewer: Object.freeze(['read'] as const),
  approver: Object.freeze(['read', 'approve', 'deny', 'revoke_grants', 'rollback'] as const),
  admin: PERMISSIONS,
});

/** Whether a role may do something. What is no role may do nothing, and nobody may do what is no permission. */
export function may(role: Role, permission: Permission): boolean {
  return Object.hasOwn(ALLOWED, role) && ALLOWED[role].includes(permission);
}

/** The roles that may do something, from the least to the most. */
export function rolesThatMay(permission: Permission): readonly Role[] {
  return (Object.keys(ALLOWED) as Role[]).filter((role) => may(role, permission));
}
