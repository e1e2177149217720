// Judges calls by conditions over their arguments, and by a rate limit.
import { fileURLToPath } from 'node:url';
import { ActionGuard, PolicyViolationError } from 'plyra-guard';

const guard = ActionGuard.fromConfig(fileURLToPath(new URL('settings.yaml', import.meta.url)));

// #region protect
const sendMail = guard.protect('mail.send', { tags: ['mail'] })(function sendMail(mail: {
  to: string[];
  body: string;
}) {
  return `sent to ${mail.to.length}`;
});
// #endregion

function attempt(agentId: string, to: string[], body: string): void {
  guard.registerAgent('clerk', 'PEER');
  guard.registerAgent('chief', 'HUMAN');
  try {
    console.log(`ALLOW     ${agentId}: ${guard.withContext({ agentId }, () => sendMail({ to, body }))}`);
  } catch (error) {
    if (!(error instanceof PolicyViolationError)) throw error;
    console.log(`${error.verdict.padEnd(9)} ${agentId}: ${error.reason} (${error.policyTriggered})`);
  }
}

const all = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}@example.org`);

attempt('clerk', ['a@example.org'], 'Lunch?');
attempt('clerk', all, 'Lunch?');
attempt('chief', all, 'Lunch?');
attempt('clerk', ['x@example.com'], 'Her number is 123-45-6789.');
attempt('clerk', ['a@example.org'], 'Again?');
attempt('clerk', ['a@example.org'], 'And again?');
