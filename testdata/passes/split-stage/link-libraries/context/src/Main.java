import java.awt.image.BufferedImage;

public class Main {
    public static void main(String[] a) {
        System.out.println(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB).createGraphics());
    }
}
