import tseslint from "typescript-eslint";
import { portableSubset } from "./lint/portable-subset.mjs";

export default tseslint.config(
	{ ignores: ["dist/", "node_modules/"] },
	{
		files: ["**/*.ts"],
		extends: [tseslint.configs.recommended],
		languageOptions: { parserOptions: { projectService: true } },
		rules: {
			"@typescript-eslint/no-explicit-any": "error",
			"@typescript-eslint/no-floating-promises": "error",
			"@typescript-eslint/no-non-null-assertion": "off",
		},
	},
	{ files: ["modules/**/*.ts"], ...portableSubset },
);
