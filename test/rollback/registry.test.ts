import { describe, expect, it } from 'vitest';
import { HandlerRegistry, isReading } from '../../src/rollback/registry.ts';
import { valueHandler } from './values.ts';

describe('an action type that only reads', () => {
  it.each([
    'file.read',
    'mail.list',
    'fs.stat',
    'http.get',
    'tool.read_file',
    'tool.listFiles',
    'tool.get-order',
  ])('%s is captured by nobody', (type) => {
    const registry = new HandlerRegistry();
    registry.register('*', valueHandler());
    expect(isReading(type)).toBe(true);
    expect(registry.handlersOf(type)).toEqual([]);
  });

  it.each([
    'file.write',
    'tool.search_and_replace',
    'tool.get_or_create_file',
    'tool.readThenDelete',
    'mail.getaway',
  ])('%s is none', (type) => expect(isReading(type)).toBe(false));
});

describe('a registry', () => {
  it('asks the handler that was registered last first, and one of each name', () => {
    const registry = new HandlerRegistry();
    registry.register('a.*', { ...valueHandler(), name: 'first' });
    registry.register('a.b', { ...valueHandler(), name: 'second' });
    registry.register('a.*', { ...valueHandler(), name: 'first' });
    expect(registry.handlersOf('a.b').map(({ name }) => name)).toEqual(['first', 'second']);
    expect(registry.handlersOf('a.c').map(({ name }) => name)).toEqual(['first']);
  });
});
