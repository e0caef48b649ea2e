/** What IJava imports into every session. */
package io.github.spencerpark.ijava.runtime;
