package camlab.identity;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a setting that came when numbers without it had been kept already: with the value that went
 * without saying then, it is no part of an {@link Identity}, and those numbers stay what they are.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface Later {

  /** {@return the value that went without saying, as it stands in an identity} */
  String value();
}
