// Has a person decide on escalated calls. Here the person is a function that approves small sums.
import { ActionGuard, Policy, PolicyViolationError } from 'plyra-guard';

// #region approvals
const guard = new ActionGuard({
  policy: new Policy({
    defaultAction: 'allow',
    rules: [{ pattern: '^pay ', action: 'escalate', reason: 'Money needs a person', escalateTo: 'finance' }],
  }),
  // May also return a promise, for tools that are async. Only `true` approves.
  escalationHandler: (action) => {
    console.log(`${action.toolName} wants to: ${action.intent}. ${action.reason}.`);
    return Number(action.args.amount) <= 10;
  },
});
// #endregion

const pay = guard.wrap(async function pay({ text, amount }: { text: string; amount: number }) {
  return `${text}: paid ${amount}`;
});

// #region catch
/** Makes a payment; what comes back is written for the model to act on. */
async function answer(text: string, amount: number): Promise<string> {
  try {
    return await pay({ text, amount });
  } catch (error) {
    if (error instanceof PolicyViolationError) return error.message;
    throw error; // the tool's own
  }
}
// #endregion

console.log(await answer('pay the milkman', 5));
console.log(await answer('pay the landlord', 500));
