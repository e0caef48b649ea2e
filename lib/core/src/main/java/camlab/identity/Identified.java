package camlab.identity;

/** Something that has an identity: two of the same identity compute the same. */
public interface Identified {

  /**
   * {@return one line with every setting, such as {@code Fem(sigmas=2.0)}: what a number that is
   * kept is found again by} It is the same in every run and on every machine.
   *
   * <p>The library's own classes find it by themselves, from all of their fields. A class of one's
   * own has to override this, with a line that names its settings, and that changes with its code.
   *
   * @throws IllegalArgumentException if it has none; the message says how to give it one
   */
  default String identity() {
    return Identity.of(this);
  }
}
