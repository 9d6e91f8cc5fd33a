/** The *settings* are what the one who runs the program decides, read from the environment once, at the start. */
export { type Config, describeSettings, readConfig } from './config.ts';
