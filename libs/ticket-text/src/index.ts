export { identifiersIn } from './identifiers';
export { isRecovery, withoutParticulars } from './machine-text';
export { readableText } from './readable-text';
export { saysSomething } from './says-something';
export { isInForeignScript } from './scripts';
