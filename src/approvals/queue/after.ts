import { type Awaitable, isThenable } from '../../core/awaitable.ts';

/** Goes on with a value once it is there: at once, without a promise, where it is there already. */
export function after<T, U>(value: Awaitable<T>, next: (value: T) => Awaitable<U>): Awaitable<U> {
  return isThenable(value) ? (value as Promise<T>).then(next) : next(value as T);
}

/** The first answer that is not `undefined`, asked for one item after the other. */
export function firstAnswer<T, U>(
  items: readonly T[],
  ask: (item: T) => Awaitable<U | undefined>,
): Awaitable<U | undefined> {
  for (const [at, item] of items.entries()) {
    const answer = ask(item);
    if (isThenable(answer)) {
      const rest = items.slice(at + 1);
      return (answer as Promise<U | undefined>).then((said) => said ?? firstAnswer(rest, ask));
    }
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/** All answers in the order of their items; at once where none is a promise. */
export function allAnswers<T, U>(items: readonly T[], ask: (item: T) => Awaitable<U>): Awaitable<U[]> {
  const answers = items.map(ask);
  return answers.some(isThenable) ? Promise.all(answers) : (answers as U[]);
}
