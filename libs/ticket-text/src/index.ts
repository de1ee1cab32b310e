export { identifiersIn } from './identifiers';
export { isMostlyLongWords } from './long-words';
export { withoutParticulars } from './machine-text';
export { isAutomated, type MailParts } from './mail/automated';
export { newMessageOf } from './mail/new-message';
export { readableText } from './readable-text';
export { isRecovery } from './recovery';
export { saysSomething } from './says-something';
export { isInForeignScript } from './writing-system';
