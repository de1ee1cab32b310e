export { MODEL_DIRECTORY } from './model-directory';
