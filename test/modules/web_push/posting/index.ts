import type { ProsodyModule } from "../../../../bridge/api";
import { mod_posting } from "./mod_posting";

/** Built as the package's own modules are. */
export const modules: Readonly<Record<string, ProsodyModule>> = {
	posting: mod_posting,
};
