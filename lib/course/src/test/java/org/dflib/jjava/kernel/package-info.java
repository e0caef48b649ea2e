/** What the tests need of JJava beyond its published base library. */
package org.dflib.jjava.kernel;
