use std::backtrace::Backtrace;

fn main() {
    println!("{}", Backtrace::force_capture());
}
