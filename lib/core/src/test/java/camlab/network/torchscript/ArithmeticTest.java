package camlab.network.torchscript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import camlab.network.torchscript.Known.Decimal;
import camlab.network.torchscript.Known.Items;
import camlab.network.torchscript.Known.Plain;
import camlab.network.torchscript.Known.Table;
import camlab.network.torchscript.Known.Tensor;
import camlab.network.torchscript.Known.Whole;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The expected values are those of Python. */
class ArithmeticTest {

  private static final Known YES = Known.truth(true);
  private static final Known NO = Known.truth(false);
  private static final Known TENSOR = new Tensor("x");

  private static Known whole(long value) {
    return new Whole(value);
  }

  private static Known text(String value) {
    return new Plain('"' + value + '"');
  }

  private static Items list(long... values) {
    return new Items(Arrays.stream(values).mapToObj(ArithmeticTest::whole).toList());
  }

  private static Known of(String function, Known... placed) {
    return Arithmetic.of(function, List.of(placed), Map.of()).orElseThrow();
  }

  private static void assertUnread(String function, Known... placed) {
    assertEquals(Optional.empty(), Arithmetic.of(function, List.of(placed), Map.of()));
  }

  @Test
  void numbersAreRoundedDown() {
    assertEquals(whole(-4), of("torch.floordiv", whole(-7), whole(2)));
    assertEquals(whole(1), of("torch.remainder", whole(-7), whole(2)));
    assertEquals(whole(14), of("torch.sqrt", whole(196)));
    assertEquals(whole(-8), of("torch.pow", whole(-2), whole(3)));
    assertEquals(whole(7), of("torch.abs", whole(-7)));
    assertEquals(new Decimal(3.5), of("torch.div", whole(7), whole(2)));
    assertEquals(Known.UNKNOWN, of("torch.add", whole(1), Known.UNKNOWN));
  }

  /** PyTorch's types 3 and 4 hold whole numbers; 0 is a byte, which begins again at 256. */
  @Test
  void fractionsAreCutOff() {
    assertEquals(whole(7), of("torch.to", new Decimal(7.9), whole(4)));
    assertEquals(whole(-7), of("torch.to", new Decimal(-7.9), whole(3)));
    assertEquals(Known.UNKNOWN, of("torch.to", whole(300), whole(0)));
    assertEquals(Known.UNKNOWN, of("torch.to", Known.UNKNOWN, whole(4)));
  }

  @Test
  void whatIsComparedIsTrueOrFalse() {
    assertEquals(YES, of("torch.ge", whole(3), new Decimal(2.5)));
    assertEquals(NO, of("torch.lt", whole(3), whole(3)));
    assertEquals(NO, of("torch.ne", text("avg"), text("avg")));
    assertEquals(NO, of("torch.eq", text("avg"), text("max")));
    assertEquals(YES, of("torch.eq", list(1, 2), list(1, 2)));
    assertEquals(YES, of("torch.ne", list(1, 2), list(1, 2, 3)));
    assertEquals(Known.UNKNOWN, of("torch.eq", new Items(List.of(Known.UNKNOWN)), list(1)));
  }

  /** A text may be written in two ways. */
  @Test
  void whatIsNotKnownIsNotCompared() {
    assertEquals(Known.UNKNOWN, of("torch.eq", Known.UNKNOWN, Known.UNKNOWN));
    assertEquals(Known.UNKNOWN, of("torch.eq", text("\\x61"), text("a")));
    assertUnread("torch.eq", TENSOR, whole(1));
  }

  @Test
  void noneIsOneThing() {
    assertEquals(YES, of("torch.__is__", Known.NONE, Known.NONE));
    assertEquals(NO, of("torch.__is__", TENSOR, Known.NONE));
    assertEquals(YES, of("torch.__isnot__", whole(0), Known.NONE));
    assertEquals(Known.UNKNOWN, of("torch.__is__", Known.UNKNOWN, Known.NONE));
  }

  /** What has two names may be one tensor: a view of all of it, say. */
  @Test
  void oneTensorIsItself() {
    assertEquals(YES, of("torch.__is__", TENSOR, TENSOR));
    assertEquals(Known.UNKNOWN, of("torch.__is__", TENSOR, new Tensor("y")));
  }

  @Test
  void oneIsEnoughForOrAndForNotAnd() {
    assertEquals(YES, of("torch.__or__", Known.UNKNOWN, YES));
    assertEquals(Known.UNKNOWN, of("torch.__or__", Known.UNKNOWN, NO));
    assertEquals(NO, of("torch.__and__", Known.UNKNOWN, NO));
    assertEquals(Known.UNKNOWN, of("torch.all", new Items(List.of(YES, Known.UNKNOWN))));
    assertEquals(NO, of("torch.any", new Items(List.of())));
    assertEquals(NO, of("torch.__not__", whole(2)));
  }

  @Test
  void whatAListHolds() {
    assertEquals(YES, of("torch.__contains__", list(1, 2), whole(2)));
    assertEquals(NO, of("torch.__contains__", list(1, 2), whole(3)));
    assertEquals(Known.UNKNOWN, of("torch.__contains__", list(1, 2), Known.UNKNOWN));
    assertEquals(NO, of("torch.__contains__", new Table(Map.of()), Known.UNKNOWN));
    Table table = new Table(Map.of());
    of("torch._set_item", table, Known.DEVICE, TENSOR);
    assertEquals(YES, of("torch.__contains__", table, text("cpu")));
    assertEquals(NO, of("torch.__contains__", table, text("cuda:0")));
    assertEquals(Known.UNKNOWN, of("torch.__contains__", table, Known.UNKNOWN));
  }

  @Test
  void whatIsAddedToAListAllThatHaveItSee() {
    Items list = list(1);
    assertSame(list, of("torch.append", list, whole(2)));
    of("torch.extend", list, list(3, 4));
    of("torch._set_item", list, whole(-1), whole(5));
    assertEquals(list(1, 2, 3, 5), list);
    Known copy = of("torch.copy", list);
    of("torch.append", list, whole(6));
    assertEquals(list(1, 2, 3, 5), copy);
    assertEquals(list(1, 2, 1, 2), of("torch.mul", list(1, 2), whole(2)));
  }

  /** Else what is known of the others might not hold any more. */
  @Test
  void aDictionaryIsChangedUnderKnownKeysOnly() {
    Table table = new Table(Map.of(text("a"), whole(1)));
    for (Known key : List.of(Known.UNKNOWN, text("\\x61"), TENSOR, list(1), table)) {
      assertUnread("torch._set_item", table, key, whole(2));
    }
    assertEquals(new Table(Map.of(text("a"), whole(1))), table);
    of("torch._set_item", table, new Decimal(0.5), whole(2));
    assertEquals(new Table(Map.of(text("a"), whole(1), new Decimal(0.5), whole(2))), table);
  }

  @Test
  void partsOfLists() {
    Known end = whole(Long.MAX_VALUE);
    assertEquals(list(3, 4), of("torch.slice", list(1, 2, 3, 4), whole(2), end, whole(1)));
    assertEquals(list(3), of("torch.slice", list(1, 2, 3, 4), whole(-2), whole(-1)));
    assertEquals(list(), of("torch.slice", list(1, 2), whole(2), whole(1)));
    assertEquals(whole(10), of("torch.sum", list(1, 2, 3, 4)));
    assertEquals(whole(1), of("ops.prim.min", list(Long.MAX_VALUE, 1, 2)));
    assertUnread("torch.slice", list(1, 2, 3), whole(0), end, whole(2));
  }

  /** Whoever walks through a list that holds itself never ends. */
  @Test
  void noListHoldsItself() {
    Items list = list(1);
    assertUnread("torch.append", list, list);
    assertUnread("torch.extend", list, new Items(List.of(list)));
    assertUnread("torch._set_item", list, whole(0), list);
    assertEquals(list(1), list);
  }

  @Test
  void aListHasAnEnd() {
    Items list = list(1);
    int doubled = 0;
    while (Arithmetic.of("torch.extend", List.of(list, list), Map.of()).isPresent()) {
      doubled++;
    }
    assertEquals(13, doubled);
    assertUnread("torch.mul", list, whole(2));
    assertTrue(Arithmetic.of("torch.mul", List.of(list(1), whole(-3)), Map.of()).isPresent());
  }
}
