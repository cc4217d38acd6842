/** @returns the version of Node that the Dockerfile names, such as 26.10.0 */
export function imageNodeVersion(): Promise<string>;
/** Installs a Node into a folder. @returns the folder of the program, to be put in front of PATH */
export function installNode(version: string, folder: string): Promise<string>;
