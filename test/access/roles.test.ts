import { describe, expect, it } from 'vitest';
import { may, type Permission, rolesThatMay } from '../../src/access/roles.ts';
import { ROLES, type Role } from '../../src/core/access-token.ts';

const PERMISSIONS: readonly Permission[] = [
  'ingest',
  'read',
  'approve',
  'deny',
  'revoke_grants',
  'rollback',
  'manage_tokens',
];

describe('a role', () => {
  it.each<[Role, Permission[]]>([
    ['ingest', ['ingest']],
    ['viewer', ['read']],
    ['approver', ['read', 'approve', 'deny', 'revoke_grants', 'rollback']],
    ['admin', [...PERMISSIONS]],
  ])('%s may do %j, and nothing else', (role, allowed) => {
    expect(PERMISSIONS.filter((permission) => may(role, permission))).toEqual(allowed);
  });

  it.each(['', 'root', 'ADMIN', '__proto__', 'constructor', 'toString'])(
    'that is none may do nothing: %j',
    (role) => {
      expect(PERMISSIONS.filter((permission) => may(role as Role, permission))).toEqual([]);
    },
  );

  it.each(['', 'everything', '__proto__', 'length'])('may not do what is no permission: %j', (permission) => {
    expect(ROLES.filter((role) => may(role, permission as Permission))).toEqual([]);
  });
});

describe('rolesThatMay', () => {
  it('names them from the least to the most', () => {
    expect(rolesThatMay('approve')).toEqual(['approver', 'admin']);
    expect(rolesThatMay('read')).toEqual(['viewer', 'approver', 'admin']);
  });
});
