/**
 * A stand-in for IJava 1.3.0, which no registry has: on the libraries that IJava carries, at their
 * versions, it evaluates cells with JShell in the same way, and has its names where a notebook or a
 * library may look for them. What it lacks are magics, completion and inspection, settings other
 * than the class path, and IJava's words for code that does not compile.
 */
package io.github.spencerpark.ijava;
