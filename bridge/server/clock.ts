import type { Clock } from "../api";

interface Appointment {
	due: number;
	/** Absent once it ran or was taken back. */
	callback: (() => void) | undefined;
}

/**
 * A virtual clock: time stands still until `advance`, and the same calls give the same order in every run.
 *
 * @param start seconds since the epoch
 */
export function createClock(start: number): Clock {
	if (!Number.isFinite(start)) throw new Error(`A clock starts at a number of seconds, not at ${start}`);
	/** By time due, those of equal times in the order scheduled. */
	let appointments: Appointment[] = [];
	/** How many of them were taken back. */
	let taken_back = 0;
	let now = start;
	let advancing = false;

	function insert(appointment: Appointment): void {
		let low = 0;
		let high = appointments.length;
		// Most are timeouts of one length, and come last.
		if (high === 0 || appointments[high - 1]!.due <= appointment.due) {
			appointments.push(appointment);
			return;
		}
		while (low < high) {
			const middle = (low + high) >> 1;
			if (appointments[middle]!.due <= appointment.due) low = middle + 1;
			else high = middle;
		}
		appointments.splice(low, 0, appointment);
	}

	/** Drops those that were taken back, once they are most of all: timeouts nearly always are. */
	function sweep(): void {
		if (taken_back <= 64 || taken_back * 2 <= appointments.length) return;
		appointments = appointments.filter(({ callback }) => callback !== undefined);
		taken_back = 0;
	}

	/** The next that nobody took back; those taken back are dropped on the way. */
	function next(): Appointment | undefined {
		while (appointments[0] !== undefined && appointments[0].callback === undefined) {
			appointments.shift();
			taken_back--;
		}
		return appointments[0];
	}

	return {
		now: () => now,
		schedule(delay, callback) {
			if (Number.isNaN(delay)) throw new Error("A delay must be a number of seconds");
			const appointment: Appointment = { due: now + Math.max(0, delay), callback };
			insert(appointment);
			return () => {
				if (appointment.callback === undefined) return;
				appointment.callback = undefined;
				taken_back++;
				sweep();
			};
		},
		advance(seconds) {
			if (!(seconds >= 0) || seconds === Infinity) {
				throw new Error(`The clock moves on by a number of seconds, not by ${seconds}`);
			}
			if (advancing) throw new Error("The clock is being moved on already");
			const target = now + seconds;
			advancing = true;
			try {
				for (let due = next(); due && due.due <= target; due = next()) {
					appointments.shift();
					now = Math.max(now, due.due);
					const { callback } = due;
					due.callback = undefined;
					callback?.();
				}
				now = target;
			} finally {
				advancing = false;
			}
		},
		next_due() {
			const due = next();
			return due ? due.due - now : Infinity;
		},
	};
}
