import { findOriginal, findOther, placesOfOthers } from "./originals";
import { findProsody } from "../prosody/root";
import { hasLibrary } from "../prosody/libraries";
import { LANES, isOriginal, isReal } from "./lane";
import { libraries } from "../fengari/signatures";
import { librariesOf } from "../native/series";
import { RECORDED_LANE, findRecording, originalSeries } from "./recorded";
import { isUpstream, sourceOnLane } from "./sources";
import { selects } from "../scenario";
import type { LaneName } from "./lane";
import type { Places } from "./originals";
import type { Series } from "../server/series";
import type { KnownDifference, Scenario } from "../scenario";

/** Why a scenario is not run on a lane that can run here, in a few words; undefined if it is. */
export function reasonNotToRun(scenario: Scenario, lane: LaneName, places: Places): string | undefined {
	const excluded = scenario.notOn.find((selector) => selects(selector, lane, versionOnLane(scenario, lane, places)));
	if (excluded) {
		return `not-on: ${excluded.text}`;
	}
	if (scenario.virtualTime && isReal(lane)) {
		return "virtual-time";
	}
	if (Object.keys(scenario.dns).length > 0 && isReal(lane)) {
		return "dns";
	}
	if (isOfAnotherSeries(scenario, lane, places)) {
		return `prosody: ${scenario.prosody}`;
	}
	const notMixed = whyNotMixed(scenario, lane, places);
	if (notMixed !== undefined) {
		return notMixed;
	}
	if (isOriginal(lane) && findRecording(scenario, places)) {
		return lane === RECORDED_LANE ? undefined : `only ${RECORDED_LANE} is recorded`;
	}
	return libraryMissing(scenario, lane, places)
		?? moduleMissing(scenario, lane, places)
		?? otherMissing(scenario, lane, places);
}

/** Which module under test, or of upstream in any case, a lane does not have, in a few words; undefined if it has them all. */
export function moduleMissing({ modules: names }: Scenario, lane: LaneName, places: Places): string | undefined {
	const wanted = [...names, ...places.upstream ?? []];
	const absent = wanted.find((name) => !sourceOnLane(name, lane, places));
	if (absent === undefined) {
		const files = names.flatMap((name) => (isUpstream(name, lane, places) ? findOriginal(name, places)!.path : []));
		// A file that was given may be that of any module, but not of several.
		return new Set(files).size < files.length ? `one original for ${files.length} modules: ${files[0]}` : undefined;
	}
	return isUpstream(absent, lane, places) ? `no original mod_${absent}.lua` : `prosody-push has no module ${absent}`;
}

/** Which module of others a lane does not run or have, in a few words; undefined if it has them all. */
function otherMissing({ others }: Scenario, lane: LaneName, places: Places): string | undefined {
	if (others[0] !== undefined && lane.endsWith("@node")) {
		return `mod_${others[0]} is Lua`;
	}
	const absent = others.find((name) => !findOther(name, places));
	if (absent === undefined) {
		return undefined;
	}
	const { original, prosodyRoot } = placesOfOthers(places);
	return `no mod_${absent}.lua in ${original ?? `the Prosody of ${prosodyRoot}`}`;
}

/** Why a scenario is not run with modules of upstream among ours, in a few words; undefined if it can be, or there are none. */
function whyNotMixed(scenario: Scenario, lane: LaneName, places: Places): string | undefined {
	const [first] = places.upstream ?? [];
	if (first === undefined) {
		return undefined;
	}
	// It says what the originals do otherwise, and not which of them.
	const known = LANES.flatMap((other) => knownOnLane(scenario, other, places) ?? [])[0];
	if (known) {
		return `known difference: ${known.id}`;
	}
	// What originals do by chance is nothing to expect of a mix. What is wrong with one series is so with one of them alone.
	const original = LANES.find((other) => isOriginal(other) && isReal(other) === isReal(lane))!;
	const excluded = scenario.notOn.find((selector) => selects(selector, original));
	if (excluded) {
		return `not-on: ${excluded.text}`;
	}
	return lane.endsWith("@node") ? `mod_${first} is Lua` : undefined;
}

/** Which libraries that a scenario needs a lane does not have, in a few words; undefined if it has one of each list. */
export function libraryMissing(scenario: Scenario, lane: LaneName, places: Places): string | undefined {
	const has = (name: string): boolean => {
		if (isReal(lane)) return hasLibrary(findProsody(places.prosodyRoot)!, name);
		return Object.hasOwn(librariesOf(simulatedSeries(scenario, places), libraries), name);
	};
	const lacking = scenario.needs.find((alternatives) => !alternatives.some(has));
	return lacking && `needs ${lacking.join(" or ")}`;
}

/** The difference that the scenario knows of on a lane; undefined if there is none. */
export function knownOnLane(scenario: Scenario, lane: LaneName, places: Places): KnownDifference | undefined {
	const version = versionOnLane(scenario, lane, places);
	return scenario.knownDifferences.find((difference) => selects(difference.lane, lane, version));
}

/**
 * What is known to differ on the simulated server must differ on a real one in the same way, so a lane on a real
 * server is held against that of the same implementation on the simulated one, unless a tag speaks of the real one.
 */
export function modelOf(
	lane: LaneName, scenario: Scenario, places: Places,
): { lane: LaneName; known: KnownDifference } | undefined {
	if (!isReal(lane) || knownOnLane(scenario, lane, places)) {
		return undefined;
	}
	const simulated = LANES.find((other) => other === lane.replace("@prosody", "@fengari"))!;
	const known = knownOnLane(scenario, simulated, places);
	return known && { lane: simulated, known };
}

/**
 * The Prosody that is simulated for a scenario: that which it says, else that of the originals, else that which is
 * installed, else 0.12.
 */
export function simulatedSeries(scenario: Scenario, places: Places): Series {
	if (scenario.prosody !== undefined) {
		return scenario.prosody;
	}
	return originalSeries(scenario, places)
		?? (findProsody(places.prosodyRoot)?.version.startsWith("0.") === false ? "13.0" : "0.12");
}

/** Whether Prosody's code on a lane is known to be of another series than the scenario needs. */
function isOfAnotherSeries(scenario: Scenario, lane: LaneName, places: Places): boolean {
	const { prosody } = scenario;
	const version = prosody === undefined ? undefined : versionOnLane(scenario, lane, places);
	return version !== undefined && version !== prosody && !version.startsWith(`${prosody}.`);
}

/** The series, or the version, of Prosody's code on a lane: of the server if that is real, else of the original. */
function versionOnLane(scenario: Scenario, lane: LaneName, places: Places): string | undefined {
	if (isReal(lane)) {
		return findProsody(places.prosodyRoot)?.version;
	}
	return isOriginal(lane) ? originalSeries(scenario, places) : undefined;
}
