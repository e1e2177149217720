import { fileHandler } from './rollback/file.ts';
import { httpHandler } from './rollback/http.ts';
import { HandlerRegistry } from './rollback/registry.ts';

/** The rollback handlers that every guard has, and the command line too. */
export function builtInHandlers(): HandlerRegistry {
  const registry = new HandlerRegistry();
  registry.registerFixed(httpHandler());
  registry.register('*', fileHandler());
  return registry;
}
